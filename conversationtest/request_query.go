package conversationtest

import (
	"net/url"
	"strconv"
	"time"
)

// readFilters returns the filters of the query with the given names.
func readFilters(query url.Values, names ...string) []filter {
	var filters []filter
	for _, name := range names {
		if value := query.Get(name); value != "" {
			filters = append(filters, filter{name, value})
		}
	}
	return filters
}

// readFlag parses a boolean parameter. It returns false if the parameter is absent.
func readFlag(query url.Values, name string) (bool, error) {
	text := query.Get(name)
	if text == "" {
		return false, nil
	}
	set, err := strconv.ParseBool(text)
	if err != nil {
		return false, invalidArgument("%s: %q is not true or false", name, text)
	}
	return set, nil
}

func readTime(query url.Values, name string) (time.Time, error) {
	text := query.Get(name)
	if text == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, invalidArgument("%s: %q is not a time such as 2026-03-01T12:00:00Z", name, text)
	}
	return at, nil
}
