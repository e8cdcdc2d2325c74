package conversation

// Version is the version of this module. The User-Agent header of every request contains it.
const Version = "0.1.0"
