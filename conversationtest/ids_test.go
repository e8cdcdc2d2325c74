package conversationtest

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestIDsLookLikeThePlatforms(t *testing.T) {
	t.Parallel()
	first := new(idMaker).next(time.UnixMilli(1_469_918_176_385))

	assert.Regexp(t, `^[0-7][0-9A-HJKMNP-TV-Z]{25}$`, first)
	assert.Equal(t, "01ARYZ6S41", first[:10], "the first ten characters are the milliseconds")
}

func TestIDsGrowEvenWhenTheClockDoesNot(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	maker := new(idMaker)
	var ids []string
	for _, step := range []time.Duration{0, 0, 0, time.Hour, -time.Hour, 0, 2 * time.Hour} {
		ids = append(ids, maker.next(now.Add(step)))
	}

	assert.True(t, slices.IsSorted(ids), ids)
	assert.Len(t, slices.Compact(ids), 7)
}

func TestTheTailOfAnIDCarriesIntoItsUpperHalf(t *testing.T) {
	t.Parallel()
	maker := &idMaker{millis: 5, hi: 5 << 16, lo: ^uint64(0)}

	before := encodeID(maker.hi, maker.lo)
	after := maker.next(time.UnixMilli(5))

	assert.Greater(t, after, before)
	assert.Equal(t, before[:10], after[:10])
}

func TestIDsAreUniqueAcrossGoroutines(t *testing.T) {
	t.Parallel()
	const goroutines, each = 8, 500
	maker := new(idMaker)
	ids := make([][]string, goroutines)
	var wg sync.WaitGroup
	for i := range goroutines {
		wg.Go(func() {
			for range each {
				ids[i] = append(ids[i], maker.next(time.UnixMilli(1)))
			}
		})
	}
	wg.Wait()

	all := slices.Concat(ids...)
	slices.Sort(all)
	assert.Len(t, slices.Compact(all), goroutines*each)
}

func TestATimeBeforeTheEpochStillHasAnID(t *testing.T) {
	t.Parallel()
	assert.Regexp(t, "^0{10}", new(idMaker).next(time.Time{}))
}
