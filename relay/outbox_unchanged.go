package relay

import (
	"sync"
	"time"
)

// unchanged measures how long this worker has seen records unchanged, by its monotonic clock. No wall clock, of another
// process or of the engine, decides that an attempt has lasted too long.
type unchanged struct {
	mu   sync.Mutex
	seen map[string]sighting
	tidy time.Time // the last time
}

type sighting struct {
	version uint64
	at      time.Time // first
	last    time.Time
}

// sightingLife is how long a record that is not looked at any more is remembered.
const sightingLife = 48 * time.Hour

// since returns for how long the record of an entry has had a version.
func (u *unchanged) since(id string, version uint64) time.Duration {
	u.mu.Lock()
	defer u.mu.Unlock()
	now := time.Now()
	before, known := u.seen[id]
	if !known || before.version != version {
		if u.seen == nil {
			u.seen = make(map[string]sighting)
		}
		u.forget(now)
		before = sighting{version: version, at: now}
	}
	before.last = now
	u.seen[id] = before
	return now.Sub(before.at)
}

// forget removes what was not looked at for long, once in that time.
func (u *unchanged) forget(now time.Time) {
	if now.Sub(u.tidy) < sightingLife {
		return
	}
	u.tidy = now
	for id, s := range u.seen {
		if now.Sub(s.last) > sightingLife {
			delete(u.seen, id)
		}
	}
}
