package conversation

import (
	"context"
	"errors"
	"hash/maphash"
	"iter"
	"maps"
	"slices"
	"strconv"
)

var (
	// ErrNoNextPage is returned by Next on the last page.
	ErrNoNextPage = errors.New("conversation: this is the last page")
	// ErrRepeatedPageToken reports that the server returned a page token twice, so that the list would never end.
	ErrRepeatedPageToken = errors.New("conversation: the server returned the same page token twice")
)

// Page is one page of a list.
type Page[T any] struct {
	Items         []T    // may be empty even if there are more pages
	NextPageToken string // token of the next page; empty on the last one. Keep it to resume later
	TotalSize     int    // number of items on all pages, for conversations; 0 for other lists

	trail tokenTrail
	fetch fetchPage[T]
}

// HasNext reports whether there is another page.
func (p *Page[T]) HasNext() bool { return p.NextPageToken != "" }

// Next returns the page after this one, with the filters and options of the call that began the list. Its error is
// [ErrNoNextPage] on the last page and a [*PageError] otherwise.
func (p *Page[T]) Next(ctx context.Context) (*Page[T], error) {
	if !p.HasNext() || p.fetch == nil {
		return nil, ErrNoNextPage
	}
	trail, repeated := p.trail.follow(p.NextPageToken)
	if repeated {
		return nil, &PageError{PageToken: p.NextPageToken, Err: ErrRepeatedPageToken}
	}
	next, err := p.fetch(ctx, p.NextPageToken)
	if err != nil {
		return nil, &PageError{PageToken: p.NextPageToken, Err: err}
	}
	next.trail = trail
	return next, nil
}

// PageError reports that a page of a list could not be fetched. Items already returned remain valid; to resume, start a
// list at PageToken.
type PageError struct { //nolint:recvcheck // Format and MarshalJSON are for values too, see errors.go.
	PageToken string // token of the page that failed; empty for the first one
	Err       error  // why
}

// Error implements error. The page token is left out: it may hold the query.
func (e *PageError) Error() string {
	return "conversation: a page of the list could not be fetched: " + innerText(e.Err)
}

// Unwrap returns the error of the call.
func (e *PageError) Unwrap() error { return e.Err }

// startPage fetches the first page of a list.
func startPage[T any](ctx context.Context, pageToken string, fetch fetchPage[T]) (*Page[T], error) {
	first, err := fetch(ctx, pageToken)
	if err != nil {
		return nil, err
	}
	first.trail, _ = first.trail.follow(pageToken)
	return first, nil
}

// allItems yields every item from the page at pageToken on. It fetches a page when the one before is exhausted.
func allItems[T any](ctx context.Context, pageToken string, fetch fetchPage[T]) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		page, err := startPage(ctx, pageToken, fetch)
		if err != nil {
			yield(nil, &PageError{PageToken: pageToken, Err: err})
			return
		}
		for {
			for i := range page.Items {
				if !yield(&page.Items[i], nil) {
					return
				}
			}
			if !page.HasNext() {
				return
			}
			if page, err = page.Next(ctx); err != nil {
				yield(nil, err)
				return
			}
		}
	}
}

// tokenTrail detects repeated page tokens in constant memory: one of the last few immediately, and a longer cycle after at
// most twice its length, by Brent's algorithm. It is a value, so that Next can be called twice on a page.
type tokenTrail struct {
	recent [16]uint64
	next   int    // where in recent the next token goes
	anchor uint64 // an earlier token, moved on at steps 1, 2, 4, 8 ...
	steps  uint64
	limit  uint64
}

var trailSeed = maphash.MakeSeed()

// follow returns the trail after a token, and reports whether the token was used before.
func (t tokenTrail) follow(token string) (tokenTrail, bool) {
	if token == "" {
		return t, false
	}
	mark := max(maphash.String(trailSeed, token), 1)
	if mark == t.anchor || slices.Contains(t.recent[:], mark) {
		return t, true
	}
	t.recent[t.next] = mark
	t.next = (t.next + 1) % len(t.recent)
	if t.steps++; t.steps > t.limit {
		t.anchor, t.steps, t.limit = mark, 0, max(1, t.limit*2)
	}
	return t, false
}

// fetchPage fetches the page of a page token.
type fetchPage[T any] func(ctx context.Context, pageToken string) (*Page[T], error)

// listing describes a list of a service.
type listing struct {
	operation
	ids         ids
	pageSize    int
	maxPageSize int64             // limit of the live platform
	filters     map[string]string // query parameters; empty ones are omitted
	required    string            // name of the filter that must be set; empty for none

	body      func(pageToken string) any // returns the request body of a list that has its parameters there
	checkMore func(*checker)             // nil for none
}

func (l listing) check(check checker) error {
	if l.required != "" {
		check.required(l.required, l.filters[l.required])
	}
	if l.pageSize < 0 {
		check.reject("page_size", "must not be below zero: use 0 for the default")
	}
	check.number("page_size", l.pageSize, 1, l.maxPageSize)
	if l.checkMore != nil {
		l.checkMore(&check)
	}
	return check.problem
}

// oneFilter requires one of two filters, without which the live platform has no list.
func (c *checker) oneFilter(filters map[string]string, one, other string) {
	if c.platform && isBlank(filters[one]) && isBlank(filters[other]) {
		c.reject(one, "is required, or "+other+": set one of them")
	}
}

// call returns the call that fetches one page.
func (l listing) call(pageToken string) *call {
	if l.body != nil {
		return &call{operation: l.operation, ids: l.ids, in: l.body(pageToken)}
	}
	query := map[string]string{"page_token": pageToken}
	maps.Copy(query, l.filters)
	if l.pageSize > 0 {
		query["page_size"] = strconv.Itoa(l.pageSize)
	}
	return &call{operation: l.operation, ids: l.ids, query: queryOf(query)}
}

// pagesOf returns the function that fetches pages of a list. L is the list on the wire; open converts it to a page.
func pagesOf[T, L any](c *Client, list listing, opts []RequestOption, open func(*L) Page[T]) fetchPage[T] {
	var fetch fetchPage[T]
	fetch = func(ctx context.Context, pageToken string) (*Page[T], error) {
		if err := list.check(c.checker(list.operation)); err != nil {
			return nil, c.rejected(ctx, list.operation, err, opts)
		}
		reply, err := send[L](ctx, c, list.call(pageToken), opts)
		if err != nil {
			return nil, err
		}
		page := open(reply)
		page.fetch = fetch
		return &page, nil
	}
	return fetch
}
