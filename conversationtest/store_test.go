package conversationtest

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type colored struct {
	id, color string
}

func (c *colored) position() position { return position{id: c.id} }

func (c *colored) filters() []filter { return []filter{{}, {"color", c.color}} }

// A store and a plain map go through the same random changes, and must hold the same.
func TestAStoreFindsWhatAPlainMapFinds(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	store, plain := newStore[*colored]("thing"), map[string]*colored{}
	colors := []string{"red", "green", "blue"}
	for range 2000 {
		r := &colored{id: strconv.Itoa(random.IntN(50)), color: colors[random.IntN(3)]}
		switch random.IntN(10) {
		case 0:
			store.removeAll(filter{"color", r.color})
			for id, known := range plain {
				if known.color == r.color {
					delete(plain, id)
				}
			}
		case 1, 2, 3:
			if known, err := store.find(r.id); err == nil {
				store.remove(known)
			}
			delete(plain, r.id)
		default:
			store.put(r)
			plain[r.id] = r
		}

		for _, color := range colors {
			want := ofColor(plain, color)
			require.Equal(t, want, store.all(filter{"color", color}))
			slices.Reverse(want)
			require.Equal(t, want, store.list([]filter{{"color", color}}, newest, 50))
		}
		require.Len(t, store.all(filter{}), len(plain))
	}
}

// ofColor returns the values of a color, ordered by id. Like the store, it returns nil if there are none.
func ofColor(plain map[string]*colored, color string) []*colored {
	var found []*colored
	for _, r := range plain {
		if r.color == color {
			found = append(found, r)
		}
	}
	slices.SortFunc(found, func(a, b *colored) int { return strings.Compare(a.id, b.id) })
	return found
}

func TestAStoreThatIsEmptiedHoldsNothing(t *testing.T) {
	t.Parallel()
	store := newStore[*colored]("thing")
	for i := range 10 {
		store.put(&colored{id: strconv.Itoa(i), color: strconv.Itoa(i)})
	}

	store.removeAll(filter{})

	assert.Empty(t, store.byID)
	assert.Empty(t, store.byFilter)
}

func TestWhatAStoreDoesNotHaveIsNotFound(t *testing.T) {
	t.Parallel()
	_, err := newStore[*colored]("thing").find("7")

	assert.EqualError(t, err, `thing "7" not found`)
}
