package conversationtest

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// page is the part of a list that a request asks for.
type page struct {
	size      int
	start     position // The page holds the records past it.
	ascending bool     // Oldest first. By default a list is newest first.
	query     string   // The query that tokens are bound to.
}

const defaultPageSize = 10

// listPage returns the records of the page that the call asks for, newest first, and the token of the next page. It locks
// the mutex.
func listPage[R record](c *call, from *store[R], maxSize int, filters []filter) (found []R, next string, err error) {
	page, err := readPage(c, maxSize)
	if err != nil {
		return nil, "", err
	}
	c.project.mu.Lock()
	defer c.project.mu.Unlock()
	found, next = cut(page, from.list(filters, page.start, page.size+1))
	return found, next, nil
}

// pageOf sorts records that are not in a store, and returns those of the page and the token of the next page.
func pageOf[R positioned](p page, records []R) (found []R, next string) {
	order := -1
	if p.ascending {
		order = 1
	}
	past := slices.DeleteFunc(records, func(r R) bool { return order*r.position().compare(p.start) <= 0 })
	slices.SortFunc(past, func(a, b R) int { return order * a.position().compare(b.position()) })
	return cut(p, past)
}

// cut returns the page of the records past its start, and the token of the next page.
func cut[R positioned](p page, past []R) (found []R, next string) {
	if len(past) <= p.size {
		return past, ""
	}
	return past[:p.size], p.token(past[p.size-1].position().String())
}

// readPage reads page_size and page_token from the query.
func readPage(c *call, maxSize int) (page, error) {
	return newPage(c.query.Get("page_size"), c.query.Get("page_token"), unpaged(c), maxSize)
}

func newPage(sizeText, token, query string, maxSize int) (page, error) {
	size, err := readPageSize(sizeText, maxSize)
	if err != nil {
		return page{}, err
	}
	read := page{size: size, start: newest, query: query}
	if token != "" {
		read.start, err = read.open(token)
	}
	return read, err
}

// oldestFirst returns the page of the list in ascending order.
func (p page) oldestFirst() page {
	p.ascending = true
	if p.start == newest {
		p.start = oldest
	}
	return p
}

// readPageSize parses a page size. Zero is the default size.
func readPageSize(text string, maxSize int) (int, error) {
	if text == "" {
		return defaultPageSize, nil
	}
	size, err := strconv.Atoi(text)
	if err != nil || size < 0 || size > maxSize {
		return 0, invalidArgument("page_size: %q is not a number from 0 to %d", text, maxSize)
	}
	if size == 0 {
		return defaultPageSize, nil
	}
	return size, nil
}

const digestBytes = 12

// unpaged returns the part of a request that must be the same for every page: the path and the filters.
func unpaged(c *call) string {
	query := maps.Clone(c.query)
	delete(query, "page_size")
	delete(query, "page_token")
	maps.DeleteFunc(query, func(_ string, values []string) bool { return strings.Join(values, "") == "" })
	return c.path + "?" + query.Encode()
}

// digest returns a digest of a position and the query of the page.
func (p page) digest(position string) []byte {
	sum := sha256.Sum256([]byte(p.query + "\n" + position))
	return sum[:digestBytes]
}

// token returns the token of the page after a position.
func (p page) token(position string) string {
	return base64.RawURLEncoding.EncodeToString(append(p.digest(position), position...))
}

func (p page) open(token string) (position, error) {
	decoded, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(decoded) <= digestBytes {
		return position{}, invalidArgument("page_token: it is not a token of this server")
	}
	if !bytes.Equal(decoded[:digestBytes], p.digest(string(decoded[digestBytes:]))) {
		return position{}, invalidArgument("page_token: it belongs to another query")
	}
	return parsePosition(string(decoded[digestBytes:]))
}
