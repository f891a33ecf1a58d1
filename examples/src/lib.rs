//! The examples are beside this file, one folder or file each.
