// Package crashtest cuts the power of a relay, over and over, and counts what was lost and what was sent twice.
//
// The engine's folder is on an ext4 file system on a loop device. A child process enqueues, sends, stores callbacks and
// handles them. Then the file system is shut down without writing its journal or its caches, as a power cut does, and the
// child is killed, before or after. The file system is mounted again, and the relay goes on in this process.
//
// The tests have the build tag crash, and need Linux, root, ext4 and a loop device; without them they are skipped and say
// so. CONVERSATION_CRASH_ROUNDS sets the number of rounds of each test, CONVERSATION_CRASH_SEED the first seed.
package crashtest
