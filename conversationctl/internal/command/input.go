package command

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"github.com/sinchgo/conversation/conversationctl/internal/console"
)

// maxInput is the size of the largest file that is read into memory, in bytes.
const maxInput = 64 << 20

// readInput reads the file of a flag, or stdin if the path is "-".
func (p *program) readInput(ctx context.Context, flag, path string) ([]byte, error) {
	content, err := console.Await(ctx, func() ([]byte, error) {
		if path == "-" {
			return readAtMost(p.In, maxInput)
		}
		file, err := os.Open(path) //nolint:gosec // The operator names the file.
		if err != nil {
			return nil, err
		}
		defer file.Close() //nolint:errcheck // It was only read.
		return readAtMost(file, maxInput)
	})
	if err != nil && ctx.Err() == nil {
		err = usageError("%s: %w", flag, err)
	}
	return content, err
}

func readAtMost(from io.Reader, limit int64) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(from, limit+1))
	if err == nil && int64(len(content)) > limit {
		err = fmt.Errorf("it is larger than %d MiB: no request can be", limit>>20)
	}
	return content, err
}

// decodeFile decodes the JSON of a file, or of stdin, into a request. A field that the request does not have is an error, so
// that a misspelled one is not left out in silence.
func (p *program) decodeFile(ctx context.Context, flag, path string, into any) error {
	content, err := p.readInput(ctx, flag, path)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	err = decoder.Decode(into)
	if err == nil && decoder.More() {
		err = errors.New("there is more after the first JSON value: keep one")
	}
	if err != nil {
		return usageError("%s: %s is not the request that this command sends: %s", flag, path, decodeProblem(err))
	}
	if field := lostField(content, into); field != "" {
		return usageError("%s: %s is not the request that this command sends: the field %q is unknown, or its value is not valid", flag, path, field)
	}
	return nil
}

// decodeProblem describes an error of package json without the content of the file, which may hold personal data.
func decodeProblem(err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Sprintf("byte %d is not valid JSON", syntax.Offset)
	case errors.As(err, &kind):
		return fmt.Sprintf("%s must be of type %s, and is a JSON %s", strings.TrimPrefix(kind.Field, "plain."), kind.Type, strings.Fields(kind.Value)[0])
	case errors.Is(err, io.EOF):
		return "it is empty"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "it ends too early"
	}
	problem := strings.TrimPrefix(err.Error(), "json: ")
	if at := quoted.FindStringIndex(problem); at != nil { // the name of a field, or a value
		problem = problem[:at[0]+1] + shownName(problem[at[0]+1:at[1]-1]) + problem[at[1]-1:]
	}
	return problem
}

var (
	quoted    = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)
	fieldName = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
)

// shownName returns the name of a field, or dots for what has not the form of one, and may be personal data.
func shownName(name string) string {
	if fieldName.MatchString(name) {
		return name
	}
	return "..."
}

// secretFromEnv returns the secret in the variable that a flag names.
func secretFromEnv(flag, variable string) (string, error) {
	if variable == "" {
		return "", nil
	}
	secret := strings.TrimSpace(os.Getenv(variable))
	if secret == "" {
		return "", usageError("%s: the environment variable that it names is not set: set it to the secret of the webhook", flag)
	}
	return secret, nil
}
