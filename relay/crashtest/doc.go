// Package crashtest breaks a relay in every way, over and over, and counts what was lost, what was sent twice, and what is
// stuck.
//
//   - Power cuts: the files are on an ext4 file system on a loop device, which is shut down without writing its journal or its
//     caches. The process is killed before that, or lives on for a moment on the dead disk. There is a test for each
//     engine: embedded, synced always or each second; one NATS server, synced or with its defaults; a cluster, of
//     which one machine is cut.
//   - Full disks, and room again.
//   - Kills of the process and of the server at any moment.
//   - One byte of a file changed, after a clean end and after a kill.
//   - Clock steps: a build whose package time adds a step to the wall clock, from a file that the test writes. The clock
//     is that of the engine, of the worker or of both, and steps at the start or while they run.
//   - Processes that disagree about retention, leases, replicas and the case of the prefix.
//   - A folder that the version of November 2026 wrote (testdata).
//
// The tests have the build tag crash and need Linux. Those that need more, such as root, ext4 and a loop device, or the source of
// the standard library, are skipped without it and say so. CONVERSATION_CRASH_ROUNDS sets the number of rounds of
// each test, CONVERSATION_CRASH_SEED the first seed; a seed sets the moments, sizes and places, not what the scheduler does.
package crashtest
