//! The tests are beside this file, one file each.
