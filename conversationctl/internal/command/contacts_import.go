package command

import (
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sinchgo/conversation"
)

const importAbout = `Read contacts as contacts export writes them, in csv or jsonl, and create or update the contact with the external id of
each line. The id of a line is ignored. What a line leaves empty stays as it is. channel_identities replace those of an existing
contact. If several lines have the same external id, they are imported in their order. It needs the same memory for any number of
contacts; a line can have up to 1 MiB.

In csv, the first line names the columns, in any order; external_id, language and channel_identities are enough. See contacts
export for the form of the cells. The API requires a language, such as EN, of a contact that is created.

A line that is rejected, by this command or by the API, is written to FILE.failed.jsonl as {"line": its number, "reason": why,
"input": the line}, and the rest goes on. To mend such lines:

    jq -r '.input // empty' FILE.failed.jsonl > mended.jsonl

in csv with the first line of FILE before them. A line of more than 1 MiB has no input. A line without external_id is rejected,
unless --external-id-from id uses the id of the line as the external id.

The position is kept in FILE.journal until the end of the file. If the import is interrupted, killed or stopped by a wrong
setting or by an API that is not available, run the same command again: it goes on there, and no contact is created twice. A
FILE that has changed since is rejected. Run one import of a project at a time.

Requests are limited to 200 a second, a quarter of what the platform allows to a project; a line needs up to 2.

The result is how many lines created a contact, updated one, left one unchanged, and failed; with --json
{"created", "updated", "unchanged", "failed"}. A resumed import counts the whole file. A contact that was created just before
a crash, or without an answer, counts as unchanged.

--dry-run sends nothing. Its result is the lines that the import would reject without asking the API, with --json as
{"line", "reason"} each.

Exits with 1 if lines failed, or if the import was stopped.`

// contactsImport is one run of contacts import.
type contactsImport struct {
	p           *program
	path        string
	format      string
	journal     string
	failed      string
	idFrom      string
	perSecond   float64
	concurrency int
	dryRun      bool
}

func newContactsImport(p *program) *cobra.Command {
	i := &contactsImport{p: p}
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Create and update contacts from a file",
		Long:  importAbout,
		Example: `  conversationctl contacts import contacts.csv --dry-run
  conversationctl contacts import contacts.csv --json`,
		Args: exactArgs("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			i.path = args[0]
			return i.run(cmd.Context())
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&i.format, "format", "", "`format`: csv or jsonl (default: that of the name of FILE)")
	flags.Float64Var(&i.perSecond, "rate", 200, "`number` of requests a second, at most")
	flags.IntVar(&i.concurrency, "concurrency", 8, "`number` of contacts to import at the same time")
	flags.StringVar(&i.journal, "journal", "", "`file` for the position (default: FILE.journal)")
	flags.StringVar(&i.failed, "failed", "", "`file` for the lines that failed (default: FILE.failed.jsonl)")
	flags.StringVar(&i.idFrom, "external-id-from", "", "`column` to use for lines without external_id: id")
	flags.BoolVar(&i.dryRun, "dry-run", false, "check the file, and send nothing")
	completeFlag(cmd, "format", "csv", "jsonl")
	return cmd
}

func (i *contactsImport) run(ctx context.Context) error {
	if err := i.check(); err != nil {
		return err
	}
	format, err := contactFormatOf(i.format, i.path)
	if err != nil {
		return err
	}
	lines, err := openContactLines(i.path, format)
	if err != nil {
		return err
	}
	defer lines.Close() //nolint:errcheck // It was only read.
	unlock, err := lockFile("FILE", i.path)
	if err != nil {
		return err
	}
	defer unlock()
	client, err := i.p.client(ctx, i.options()...)
	if err != nil {
		return err
	}
	report, err := newImportReport(i, client.ProjectID(), lines)
	if err != nil {
		return err
	}
	run := &importRun{client: client, lines: lines, report: report, concurrency: i.concurrency, idFromID: i.idFrom == "id"}
	return report.close(run.run(ctx))
}

func (i *contactsImport) check() error {
	const (
		mostPerSecond   = 800 // of a project
		mostConcurrency = 100 // each may need the memory of some lines
	)
	switch {
	case math.IsNaN(i.perSecond) || i.perSecond <= 0:
		return usageError("--rate: %v is not a rate: use a number of requests a second above 0, of which the platform allows %d", i.perSecond, mostPerSecond)
	case i.concurrency < 1 || i.concurrency > mostConcurrency:
		return usageError("--concurrency: %d is not from 1 to %d", i.concurrency, mostConcurrency)
	case i.idFrom != "" && i.idFrom != "id":
		return usageError("--external-id-from must be id, the only column to use")
	case i.path == "-":
		return usageError("FILE: the import must be able to go on after an interruption, which stdin does not allow: write the contacts to a file")
	}
	if i.journal == "" {
		i.journal = i.path + ".journal"
	}
	if i.failed == "" {
		i.failed = i.path + ".failed.jsonl"
	}
	return nil
}

func (i *contactsImport) options() []conversation.Option {
	if i.dryRun {
		return []conversation.Option{conversation.WithHTTPClient(&http.Client{Transport: nothingSent{}})}
	}
	return []conversation.Option{conversation.WithRateLimit(i.perSecond)}
}

// nothingSent answers the requests of a dry run, so that the client checks each contact as in an import.
type nothingSent struct{}

// RoundTrip implements [http.RoundTripper]. The answer is a token, an empty list and a created contact.
func (nothingSent) RoundTrip(req *http.Request) (*http.Response, error) {
	const answer = `{"access_token":"none","token_type":"bearer","expires_in":3600,"contacts":[],"id":"none"}`
	if req.Body != nil {
		_ = req.Body.Close() // There is nothing to read.
	}
	return &http.Response{
		StatusCode: http.StatusOK,
		Status:     fmt.Sprint(http.StatusOK, " ", http.StatusText(http.StatusOK)),
		Proto:      "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:  http.Header{"Content-Type": {"application/json"}},
		Body:    io.NopCloser(strings.NewReader(answer)),
		Request: req,
	}, nil
}
