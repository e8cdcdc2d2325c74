package command

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationctl/internal/console"
)

const aboutCall = `Make a request that no other command has, with an access token, and print the body of the reply.

PATH begins with a slash, may have a query, and must be escaped. {project_id} in it is replaced with the project. It is relative
to the API for conversations of the region. --base-url calls another one, such as https://eu.template.api.sinch.com or
https://eu.conversationbatch.api.sinch.com.

The body of --data must be JSON. It is sent as it is, numbers and the order of the fields included, and is not checked further.
GET, HEAD, PUT, PATCH and DELETE are retried after failures that may pass; other methods only if the API has certainly not
processed the request. DELETE asks first, unless --yes is set.

The reply is printed as it is, indented; with --json it is one line. The body of a failure is printed to stdout too, since it may
hold personal data, and the error without such data to stderr.

The exit code is 0 if the status is 2xx, 1 if it is another one or the request was not answered, 2 for incorrect usage, and 3 if
the request may have changed something, but its outcome is unknown.`

const exampleCall = `  conversationctl call GET '/v1/projects/{project_id}/apps'
  conversationctl call POST '/v1/projects/{project_id}/messages:send' --data message.json
  echo '{"display_name": "Shop"}' | conversationctl call PATCH '/v1/projects/{project_id}/apps/APP_ID' --data -`

// call is a run of the command call.
type call struct {
	*program
	method, path string
	data         string
	include      bool
}

func newCall(p *program) *cobra.Command {
	c := &call{program: p}
	cmd := &cobra.Command{
		Use:     "call METHOD PATH",
		Short:   "Make any request, authorized",
		Long:    aboutCall,
		Example: exampleCall,
		GroupID: groupTasks,
		Args:    exactArgs("METHOD", "PATH"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c.method, c.path = strings.ToUpper(args[0]), args[1]
			return c.run(cmd)
		},
		ValidArgsFunction: cobra.FixedCompletions(
			[]cobra.Completion{"GET", "POST", "PUT", "PATCH", "DELETE"}, cobra.ShellCompDirectiveNoFileComp),
	}
	cmd.Flags().StringVarP(&c.data, "data", "d", "", "`file` with the JSON to send; - is stdin")
	cmd.Flags().BoolVarP(&c.include, "include", "i", false, "print the status and the headers of the reply to stderr")
	return cmd
}

func (c *call) run(cmd *cobra.Command) error {
	ctx := cmd.Context()
	body, err := c.body(ctx)
	if err != nil {
		return err
	}
	client, err := c.client(ctx)
	if err != nil {
		return err
	}
	if c.method == http.MethodDelete {
		if err := c.Confirm(ctx, "This sends a DELETE to "+hostOf(client.BaseURL())+". What it deletes cannot be restored."); err != nil {
			return err
		}
	}
	var reply conversation.Response
	failed := client.Do(ctx, c.method, c.path, body, nil, conversation.WithResponse(&reply))
	if argument, ok := errors.AsType[*conversation.ArgumentError](failed); ok {
		return usageError("%s %s", argument.Field, argument.Reason)
	}
	if c.include {
		c.printHead(&reply)
	}
	if failed != nil && c.changes() {
		failed = changed(failed)
	}
	err = c.printBody(reply.Body, failed)
	if failed == nil && c.changes() {
		return unprinted(err)
	}
	return errors.Join(failed, err)
}

// body returns the JSON of --data, or nil.
func (c *call) body(ctx context.Context) (any, error) {
	if c.data == "" {
		return nil, nil //nolint:nilnil // No body is no error.
	}
	content, err := c.readInput(ctx, "--data", c.data)
	if err != nil {
		return nil, err
	}
	if len(bytes.TrimSpace(content)) == 0 {
		return nil, usageError("--data: %s is empty: leave the flag out for a request without a body", c.data)
	}
	var body json.RawMessage
	if err := json.Unmarshal(content, &body); err != nil {
		return nil, usageError("--data: %s: %s", c.data, decodeProblem(err))
	}
	return body, nil
}

// changes reports whether the request may change something.
func (c *call) changes() bool { return c.method != http.MethodGet && c.method != http.MethodHead }

// printHead prints the status and the headers of a reply to stderr.
func (c *call) printHead(reply *conversation.Response) {
	if reply.StatusCode == 0 {
		return
	}
	c.Note("HTTP %d %s", reply.StatusCode, http.StatusText(reply.StatusCode))
	for _, name := range slices.Sorted(maps.Keys(reply.Header)) {
		for _, value := range reply.Header[name] {
			c.Note("%s: %s", name, console.Cell(value))
		}
	}
	c.Note("")
}

// printBody prints the body of a reply. One that is not JSON could change the terminal, so it is an error, unless there is one.
func (c *call) printBody(body []byte, failed error) error {
	body = bytes.TrimSpace(body)
	switch {
	case len(body) == 0:
		return nil
	case json.Valid(body):
		return c.printRaw(body)
	case failed == nil:
		return errors.New("the reply is not JSON, so it is not printed")
	}
	return nil
}

// printRaw prints JSON with its numbers and the order of its fields as they are.
func (c *call) printRaw(body []byte) error {
	var shown bytes.Buffer
	var err error
	if c.JSON {
		err = json.Compact(&shown, body)
	} else {
		err = json.Indent(&shown, body, "", "  ")
	}
	if err != nil {
		return err
	}
	shown.WriteByte('\n')
	_, err = shown.WriteTo(c.Out)
	return err
}

// hostOf returns the host of an address. Its path may hold a secret.
func hostOf(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return "the API"
	}
	return parsed.Host
}
