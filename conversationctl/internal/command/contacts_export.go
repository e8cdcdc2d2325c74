package command

import (
	"context"
	"errors"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationctl/internal/console"
)

const exportAbout = `Print all contacts of the project, newest first, or write them to the file of --out. The command needs the same memory for any
number of contacts.

jsonl is one contact a line, a JSON object with the fields of the API: id, external_id, display_name, email, language, metadata,
channel_identities and channel_priority.

csv has a header and the same columns. channel_identities is CHANNEL:identity or, where an identity belongs to one app,
CHANNEL:identity@app_id, separated by semicolons; %, ;, : and @ within a part are %25, %3B, %3A and %40. channel_priority is
channels separated by semicolons. Since spreadsheets run a cell that begins with =, +, -, @, a tab or a line break as a formula, such
a cell begins with an additional apostrophe, and so does one that begins with an apostrophe. The import removes it.

With --out, the position is kept in FILE.state until the file is complete. If the export is interrupted or killed, run it again with
--resume: each contact is then in the file once. A contact that is created during the export may be left out. FILE and
FILE.state can be read by their owner only.

With --json and --out, the result is {"contacts": number in the file, "file": its path}.

Exits with 1 if the API could not be read or the file not be written.`

// contactsExport is one run of contacts export.
type contactsExport struct {
	p      *program
	format string
	out    string
	resume bool
	filter conversation.ListContactsParams
}

func newContactsExport(p *program) *cobra.Command {
	e := &contactsExport{p: p}
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Export all contacts as CSV or JSON lines",
		Long:  exportAbout,
		Example: `  conversationctl contacts export --out contacts.csv
  conversationctl contacts export --out contacts.csv --resume
  conversationctl contacts export --format jsonl | jq -r .external_id`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return e.run(cmd.Context()) },
	}
	flags := cmd.Flags()
	flags.StringVar(&e.format, "format", "", "`format`: csv or jsonl (default: that of the name of --out)")
	flags.StringVar(&e.out, "out", "", "`file` to write to; it must not exist")
	flags.BoolVar(&e.resume, "resume", false, "go on with the file of --out where an earlier export ended")
	flags.StringVar(&e.filter.ExternalID, "external-id", "", "only contacts with this external `id`")
	flags.StringVar((*string)(&e.filter.Channel), "channel", "", "only contacts with --identity on this `channel`, such as SMS")
	flags.StringVar(&e.filter.Identity, "identity", "", "only contacts with this `identity` on --channel")
	completeFlag(cmd, "format", "csv", "jsonl")
	return cmd
}

// contactsPage is the largest page that the platform allows.
const contactsPage = 20

func (e *contactsExport) run(ctx context.Context) error {
	format, err := e.check()
	if err != nil {
		return err
	}
	client, err := e.p.client(ctx)
	if err != nil {
		return err
	}
	target, err := e.target(exportState{
		Project: client.ProjectID(), Format: format, ExternalID: e.filter.ExternalID, Channel: e.filter.Channel, Identity: e.filter.Identity,
	})
	if err != nil {
		return err
	}
	if err = e.copyPages(ctx, client.Contacts, target); err == nil {
		err = e.finish(target)
	}
	return errors.Join(err, target.Close())
}

func (e *contactsExport) check() (contactFormat, error) {
	switch {
	case e.resume && e.out == "":
		return "", usageError("--resume requires --out: name the file to go on with")
	case (e.filter.Channel == "") != (e.filter.Identity == ""):
		return "", usageError("--channel and --identity require each other: pass both or neither")
	case e.filter.ExternalID != "" && e.filter.Channel != "":
		return "", usageError("--external-id cannot be used together with --channel and --identity: keep one filter")
	}
	return contactFormatOf(e.format, e.out)
}

// target returns where to write, at the position from which on to write.
func (e *contactsExport) target(state exportState) (*exportTarget, error) {
	switch {
	case e.out == "":
		return &exportTarget{to: e.p.Out, state: state}, nil
	case e.resume:
		return resumeExport(e.out, state)
	}
	return startExport(e.out, state)
}

func (e *contactsExport) copyPages(ctx context.Context, contacts *conversation.ContactsService, target *exportTarget) error {
	progress := e.progress()
	defer progress.Close()
	progress.Add(target.state.Contacts)
	params := e.filter
	params.PageSize, params.PageToken = contactsPage, target.state.PageToken
	page, err := contacts.List(ctx, &params)
	for err == nil {
		if err := target.write(page); err != nil {
			return target.stopped(err)
		}
		progress.Add(len(page.Items))
		if !page.HasNext() {
			return nil
		}
		page, err = page.Next(ctx)
	}
	if ctx.Err() != nil {
		err = errors.New("interrupted")
	}
	return target.stopped(err)
}

func (e *contactsExport) finish(target *exportTarget) error {
	if e.out == "" {
		return nil
	}
	if err := target.complete(); err != nil {
		return err
	}
	if e.p.JSON {
		return e.p.PrintJSON(map[string]any{"contacts": target.state.Contacts, "file": e.out})
	}
	e.p.Note("Exported %s to %s.", counted(target.state.Contacts, "contact"), e.out)
	return nil
}

// progress returns a bar, unless the contacts are printed to the same terminal.
func (e *contactsExport) progress() *console.Progress {
	silent := *e.p.Console
	if file, ok := silent.Out.(*os.File); ok && e.out == "" && term.IsTerminal(int(file.Fd())) {
		silent.Moves = false
	}
	return silent.NewProgress(-1, "Exporting", "contacts")
}
