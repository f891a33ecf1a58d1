#!/bin/bash
# Passes the lines of a helper on to the port that it is given.
exec 3<>"/dev/tcp/127.0.0.1/$1"
cat <&3 &
exec cat >&3
