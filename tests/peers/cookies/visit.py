"""Visits a URL with the cookies of a file, prints the answer, and writes the file again."""

import sys
import urllib.request
from http.cookiejar import MozillaCookieJar

path, url = sys.argv[1:]
jar = MozillaCookieJar(path)
jar.load(ignore_discard=True, ignore_expires=True)
for cookie in jar:
    # curl writes 0 for a cookie that ends with its session; Python reads it as a date that is over.
    if cookie.expires == 0:
        cookie.expires = None
no_proxy = urllib.request.ProxyHandler({})
opener = urllib.request.build_opener(no_proxy, urllib.request.HTTPCookieProcessor(jar))
print(opener.open(url, timeout=20).read().decode())
jar.save(ignore_discard=True)
