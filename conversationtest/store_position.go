package conversationtest

import (
	"cmp"
	"math"
	"strconv"
	"strings"
)

// filter finds the records with a value in a field.
type filter struct {
	field, value string
}

// position is a place in the order of records: by time, then by id. Ids are unique and grow, so that records without a time
// are in the order of their creation.
type position struct {
	micros int64
	id     string
}

// A list without a page token starts at newest, or at oldest if it is ascending.
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
