package conversation

// Version is the version of this module. It is part of the User-Agent header of every request.
const Version = "0.1.0"
