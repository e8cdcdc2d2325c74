package conversationtest

// maxHistoryBytes is how many bytes of bodies a history with a limit keeps.
const maxHistoryBytes = 64 << 20

// history keeps entries, oldest first. Their numbers begin at 1 and are not used again. With a limit it drops the oldest
// entries. The caller holds a mutex.
type history[E any] struct {
	limit   int // How many entries are kept. Zero: all.
	dropped int
	bytes   int
	entries []entry[E]
}

type entry[E any] struct {
	value *E
	bytes int
}

// add adds an entry with a body of that many bytes, and returns its number. The entry may change later.
func (h *history[E]) add(value *E, bytes int) (number int) {
	h.entries = append(h.entries, entry[E]{value, bytes})
	h.bytes += bytes
	h.trim()
	return h.last()
}

// resize changes the bytes of the entry with a number, if it is still kept.
func (h *history[E]) resize(number, bytes int) {
	if number <= h.dropped {
		return
	}
	kept := &h.entries[number-h.dropped-1]
	h.bytes += bytes - kept.bytes
	kept.bytes = bytes
	h.trim()
}

// trim drops the oldest entries while the limits are exceeded.
func (h *history[E]) trim() {
	for h.limit > 0 && (len(h.entries) > h.limit || h.bytes > maxHistoryBytes && len(h.entries) > 1) {
		h.drop(1)
	}
}

// last returns the number of the newest entry.
func (h *history[E]) last() int { return h.dropped + len(h.entries) }

func (h *history[E]) drop(count int) {
	for i := range count {
		h.bytes -= h.entries[i].bytes
		h.entries[i] = entry[E]{} // The rest of the array outlives it.
	}
	h.entries = h.entries[count:]
	h.dropped += count
}

// clear drops all entries.
func (h *history[E]) clear() { h.drop(len(h.entries)) }

// find returns a copy of the entry with a number, and reports whether it is kept.
func (h *history[E]) find(number int) (found E, ok bool) {
	if number <= h.dropped || number > h.last() {
		return found, false
	}
	return *h.entries[number-h.dropped-1].value, true
}

// all returns a copy of every entry.
func (h *history[E]) all() []E {
	all := make([]E, 0, len(h.entries))
	for _, kept := range h.entries {
		all = append(all, *kept.value)
	}
	return all
}

// numbered is an entry with its number.
type numbered[E any] struct {
	number int
	value  E
}

// after returns copies of the entries with greater numbers.
func (h *history[E]) after(number int) []numbered[E] {
	skipped := min(max(number-h.dropped, 0), len(h.entries))
	found := make([]numbered[E], 0, len(h.entries)-skipped)
	for i, kept := range h.entries[skipped:] {
		found = append(found, numbered[E]{h.dropped + skipped + i + 1, *kept.value})
	}
	return found
}
