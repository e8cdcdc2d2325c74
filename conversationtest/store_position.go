package conversationtest

import (
	"cmp"
	"math"
	"strconv"
	"strings"
)

// filter is a query parameter with the value that it asks for.
type filter struct {
	field, value string
}

// position is a place in the order of records: by time, then by id. Ids grow, so that no two are equal, and what has
// no time is in the order in which it was made.
type position struct {
	micros int64
	id     string
}

// A list without a page token starts at newest, or at oldest if it is the other way around.
var (
	newest = position{micros: math.MaxInt64}
	oldest = position{micros: math.MinInt64}
)

func (p position) compare(other position) int {
	return cmp.Or(cmp.Compare(p.micros, other.micros), strings.Compare(p.id, other.id))
}

func (p position) String() string { return strconv.FormatInt(p.micros, 10) + "/" + p.id }

func parsePosition(text string) (position, error) {
	micros, id, _ := strings.Cut(text, "/")
	parsed, err := strconv.ParseInt(micros, 10, 64)
	if err != nil {
		return position{}, invalidArgument("page_token: %q is not from a list", text)
	}
	return position{micros: parsed, id: id}, nil
}
