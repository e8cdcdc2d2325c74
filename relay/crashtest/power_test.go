//go:build crash && linux

package crashtest

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
)

// mode is an engine, and a way to cut its power.
type mode struct {
	servers int           // NATS servers, one a machine; 0 for an embedded engine
	synced  bool          // servers sync before they acknowledge
	attach  bool          // the worker is another process than the embedded engine
	every   time.Duration // syncs of an embedded engine; 0 to sync always
	window  time.Duration // what was acknowledged within it before the cut may be lost or sent twice; 0 for nothing

	killFirst bool // otherwise the process lives on for a moment, on the dead disk
	older     bool // the store is synced once before the cut
}

// syncTime is how long a sync may take in addition to the interval.
const syncTime = 2 * time.Second

func TestPowerCutSyncedAlwaysKilledFirst(t *testing.T) {
	t.Parallel()
	cutPower(t, mode{killFirst: true})
}

func TestPowerCutSyncedAlwaysAliveOnTheDeadDisk(t *testing.T) {
	t.Parallel()
	cutPower(t, mode{})
}

func TestPowerCutSyncedAlwaysWithAnAttachedWorker(t *testing.T) {
	t.Parallel()
	cutPower(t, mode{attach: true})
}

func TestPowerCutSyncedEverySecond(t *testing.T) {
	t.Parallel()
	cutPower(t, mode{every: time.Second, window: time.Second + syncTime})
}

func TestPowerCutSyncedEverySecondWithAnOlderStore(t *testing.T) {
	t.Parallel()
	cutPower(t, mode{every: time.Second, window: time.Second + syncTime, older: true})
}

func TestPowerCutOfAServerWithItsDefaults(t *testing.T) {
	t.Parallel()
	cutPower(t, mode{servers: 1, window: 2*time.Minute + syncTime})
}

func TestPowerCutOfAServerWithItsDefaultsAndAnOlderStore(t *testing.T) {
	t.Parallel()
	cutPower(t, mode{servers: 1, window: 2*time.Minute + syncTime, older: true})
}

func TestPowerCutOfASyncedServer(t *testing.T) {
	t.Parallel()
	cutPower(t, mode{servers: 1, synced: true})
}

func TestPowerCutOfASyncedServerKilledFirst(t *testing.T) {
	t.Parallel()
	cutPower(t, mode{servers: 1, synced: true, killFirst: true})
}

func TestPowerCutOfOneMachineOfACluster(t *testing.T) {
	t.Parallel()
	cutPower(t, mode{servers: 3, older: true})
}

func TestPowerCutOfOneMachineOfANewCluster(t *testing.T) {
	t.Parallel()
	cutPower(t, mode{servers: 3})
}

// cutPower cuts the power again and again, each time at another moment.
func cutPower(t *testing.T, m mode) {
	t.Helper()
	var total verdict
	rounds := eachRound(t, func(t *testing.T, random *rand.Rand) {
		t.Helper()
		found := cutOnce(t, m, random)
		t.Log(found)
		total = total.plus(found)
	})
	t.Logf("%d rounds: %v", rounds, total)
}

// eachRound calls round for each seed.
func eachRound(t *testing.T, round func(t *testing.T, random *rand.Rand)) int {
	t.Helper()
	rounds, first := number(t, "CONVERSATION_CRASH_ROUNDS", 2), number(t, "CONVERSATION_CRASH_SEED", 1)
	for seed := first; seed < first+rounds; seed++ {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) { round(t, rand.New(rand.NewPCG(uint64(seed), 0))) })
	}
	return rounds
}

func number(t *testing.T, name string, otherwise int) int {
	t.Helper()
	n, err := strconv.Atoi(cmp.Or(os.Getenv(name), strconv.Itoa(otherwise)))
	require.NoError(t, err)
	return n
}

// cutOnce runs one round.
func cutOnce(t *testing.T, m mode, random *rand.Rand) verdict {
	t.Helper()
	platform := newPlatform(t)
	s := newSite(t, platform, m)
	s.worker.await("ready", 1)
	wait(t, time.Duration(random.IntN(3000))*time.Millisecond)
	if m.older {
		for _, one := range s.machines {
			one.disk.sync()
		}
		wait(t, time.Duration(500+random.IntN(1500))*time.Millisecond)
	}
	victim := s.machines[random.IntN(len(s.machines))]
	at := time.Now()
	victim.cut(m.killFirst, random)
	until := time.Now()
	if m.servers > 0 { // the worker is on another machine
		wait(t, time.Duration(random.IntN(2000))*time.Millisecond)
		until = time.Now()
		victim.restart()
		wait(t, time.Duration(random.IntN(2000))*time.Millisecond)
	}
	s.worker.kill()
	fresh := 100
	if m.window > 0 {
		fresh = 400 // quicker, and the first ones may be skipped
	}
	found := judge(t, platform, s.place, s.printed, fresh)
	if m.window == 0 {
		found.assertNothingLost(t)
		return found
	}
	found.assertNothingStuck(t)
	in := window{at.Add(-m.window), until}
	assert.Empty(t, in.without(found.lostEntries, s.printed.times("enqueued")), "lost, though there was a sync")
	assert.Empty(t, in.without(found.lostCallbacks, s.printed.times("stored")), "lost, though there was a sync")
	assert.Empty(t, in.without(found.twice, firstSent(platform)), "sent twice, though there was a sync")
	return found
}

// window is the time in which what is acknowledged may be lost.
type window struct{ from, until time.Time }

// without returns the IDs that are of another time.
func (w window) without(ids []string, at map[string]time.Time) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return at[id].After(w.from) && at[id].Before(w.until) })
}

func firstSent(platform *conversationtest.Server) map[string]time.Time {
	first := make(map[string]time.Time)
	for _, m := range slices.Backward(platform.Sent()) {
		first[m.Request.CorrelationID] = m.AcceptedTime
	}
	return first
}

// site is the machines of an engine, and a worker.
type site struct {
	place    place
	machines []*machine
	worker   *child
	printed  *lines
}

// machine is a disk, and a process whose files are on it.
type machine struct {
	disk     *disk
	job      job
	process  *child
	platform *conversationtest.Server
}

func newSite(t *testing.T, platform *conversationtest.Server, m mode) *site {
	t.Helper()
	s := &site{printed: &lines{}}
	if m.servers == 0 {
		d := newDisk(t, 200)
		s.place = place{Folder: filepath.Join(d.at, "relay"), Every: m.every, Weak: m.window > 0}
		j := job{Role: roleWork, Place: s.place, Produce: true}
		if m.attach {
			host := job{Role: roleHost, Place: place{Folder: s.place.Folder, Listen: true}}
			one := &machine{disk: d, job: host, process: start(t, nil, host, &lines{})}
			one.process.await("ready", 1)
			j.Place.Attach = true
			s.worker, s.machines = start(t, platform, j, s.printed), []*machine{one}
			return s
		}
		s.worker = start(t, platform, j, s.printed)
		s.machines = []*machine{{d, j, s.worker, platform}}
		return s
	}
	all, address := nodes(t, m.servers, m.synced)
	for _, n := range all {
		d := newDisk(t, 400)
		n.Folder = filepath.Join(d.at, "nats")
		one := &machine{disk: d, job: job{Role: roleNode, Node: n}}
		one.process = start(t, nil, one.job, &lines{})
		s.machines = append(s.machines, one)
	}
	for _, one := range s.machines {
		one.process.await("ready", 1)
	}
	if m.servers > 1 {
		awaitCluster(t, address, m.servers)
	}
	s.place = place{URL: address, Synced: m.synced, Weak: m.window > 0}
	s.worker = start(t, platform, job{Role: roleWork, Place: s.place, Produce: true}, s.printed)
	return s
}

// cut cuts the power of the machine. If the process is not killed first, it lives on for a moment, on the dead disk.
func (m *machine) cut(killFirst bool, random *rand.Rand) {
	if killFirst {
		m.process.kill()
	}
	m.disk.cut()
	wait(m.disk.t, time.Duration(20+random.IntN(200))*time.Millisecond)
	m.process.kill()
	m.disk.remount()
}

// restart starts the process again.
func (m *machine) restart() {
	m.process = start(m.disk.t, m.platform, m.job, &lines{})
	m.process.await("ready", 1)
}
