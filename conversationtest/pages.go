package conversationtest

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"strconv"
	"strings"
)

// page is the part of a list that a query asks for.
type page struct {
	size  int
	after string // The position that the page token holds; empty at the start.
	query string // What a token is bound to.
}

const defaultPageSize = 10

// listPage gives the records of the page that the call asks for, newest first, and the token of the next page. It
// takes the mutex.
func listPage[R record](c *call, from *store[R], maxSize int, filters []filter) (found []R, next string, err error) {
	page, err := readPage(c, maxSize)
	if err != nil {
		return nil, "", err
	}
	start, err := parsePosition(page.after)
	if err != nil {
		return nil, "", err
	}
	c.project.mu.Lock()
	defer c.project.mu.Unlock()
	found = from.list(filters, start, page.size+1)
	if len(found) <= page.size {
		return found, "", nil
	}
	found = found[:page.size]
	return found, page.token(found[page.size-1].position().String()), nil
}

// readPage reads page_size and page_token.
func readPage(c *call, maxSize int) (page, error) {
	size, err := readPageSize(c.query.Get("page_size"), maxSize)
	if err != nil {
		return page{}, err
	}
	read := page{size: size, query: unpaged(c)}
	if token := c.query.Get("page_token"); token != "" {
		read.after, err = read.open(token)
	}
	return read, err
}

// readPageSize reads a number. Zero stands for the default size.
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

// unpaged is everything that must stay the same from page to page: the path and the filters.
func unpaged(c *call) string {
	query := maps.Clone(c.query)
	delete(query, "page_size")
	delete(query, "page_token")
	maps.DeleteFunc(query, func(_ string, values []string) bool { return strings.Join(values, "") == "" })
	return c.path + "?" + query.Encode()
}

// digest binds a position to the query that it belongs to.
func (p page) digest(position string) []byte {
	sum := sha256.Sum256([]byte(p.query + "\n" + position))
	return sum[:digestBytes]
}

// token makes the page token for the page after a position.
func (p page) token(position string) string {
	return base64.RawURLEncoding.EncodeToString(append(p.digest(position), position...))
}

func (p page) open(token string) (position string, err error) {
	decoded, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(decoded) <= digestBytes {
		return "", invalidArgument("page_token: not a token of this server")
	}
	if !bytes.Equal(decoded[:digestBytes], p.digest(string(decoded[digestBytes:]))) {
		return "", invalidArgument("page_token: it belongs to another query")
	}
	return string(decoded[digestBytes:]), nil
}
