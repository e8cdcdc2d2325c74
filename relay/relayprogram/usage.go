package relayprogram

import "strings"

const usage = `conversation-relay inspects and controls the relay of a program.

	conversation-relay [flags] status
	conversation-relay [flags] groups
	conversation-relay [flags] watch [-group G] [-interval 1s]
	conversation-relay [flags] watch ID [-until accepted|delivered|read]
	conversation-relay [flags] list [-state S] [-app A] [-group G] [-limit N]
	conversation-relay [flags] show ID
	conversation-relay [flags] cancel ID... | [-app A] [-group G] | -all
	conversation-relay [flags] retry ID... | -state rejected|dropped [-app A] [-group G]
	conversation-relay [flags] pause [-app A] [-group G] | -all
	conversation-relay [flags] resume [-app A] [-group G] | -all
	conversation-relay [flags] rate -group G [-app A] PER_SECOND
	conversation-relay [flags] dead list
	conversation-relay [flags] dead show NUMBER
	conversation-relay [flags] dead retry NUMBER... | -all
	conversation-relay [flags] replay -since 1h
	conversation-relay [flags] unknown list
	conversation-relay [flags] unknown settle -as accepted|resend|drop ID...

status          prints the number of entries in each state, the rates, the pauses with their reasons, and the queues
groups          prints the number of entries of each group in each state; accepted includes those delivered, read and failed
watch           prints the numbers of status and groups again and again, until it is interrupted; or the states of one entry
list            lists the entries, without their content
show            prints the state of an entry, without its content
cancel          cancels queued entries, so that they are not sent; one that is being sent is not cancelled
retry           queues rejected or dropped entries again
pause           stops sending for an app, a group, a group of an app or everything, within two seconds
resume          ends the pauses of an app, a group, a group of an app or everything, and of what is part of it
rate            limits the requests a second of a group, for each of its apps; 0 removes the limit
dead list       lists the dead letters, without their content
dead show       prints a dead letter with its content, including message text and phone numbers
dead retry      returns dead letters to where they came from
replay          handles callbacks again, here those of the last hour; or -since 2026-01-31T12:00:00Z
unknown list    lists the entries whose outcome is unknown
unknown settle  settles unknown entries: as accepted, by sending them again, or by giving them up

What changes more than one entry, dead letter or callback asks first. -yes answers, and is required without a terminal.

With -json, a list of dead letters, of unknown entries or of their changes is an array. list, groups, watch, and cancel and
retry with IDs print one object a line. Everything else is one object.

The exit code is 0 for success, -h and a watch of the numbers that was interrupted; 1 for a failure, also of one of several
entries, for a no to the question, and for a watch ID that was interrupted; 2 for incorrect usage, also without -yes where
there is no terminal; 3 if watch ID ends with an entry that did not get as far as -until.

An engine that the command runs itself, because no process has the folder open, syncs before each answer. The durability
of a server is stated by the program that opens the relay, not here.

The flags, before or after the name of the command:

`

// Usage returns the usage of the program.
func Usage(name string) string {
	var flags strings.Builder
	set := new(call).flags()
	set.SetOutput(&flags)
	set.PrintDefaults()
	return strings.ReplaceAll(usage, "conversation-relay", name) + flags.String()
}
