package command

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// readInput reads a file, or stdin if the path is "-".
func readInput(path string, stdin io.Reader) ([]byte, error) {
	if path == "-" {
		return io.ReadAll(stdin)
	}
	return os.ReadFile(path) //nolint:gosec // The operator names the file.
}

// decodeFile decodes the JSON of a file, or of stdin, into a request. A field that the request does not have is an error, so
// that a misspelled one is not left out in silence.
func (p *program) decodeFile(flag, path string, into any) error {
	content, err := readInput(path, p.In)
	if err != nil {
		return usageError("%s: %w", flag, err)
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
		return fmt.Sprintf("%s must be of type %s, and is a JSON %s", kind.Field, kind.Type, strings.Fields(kind.Value)[0])
	case errors.Is(err, io.EOF):
		return "it is empty"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "it ends too early"
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}

// secretFromEnv returns the secret in the variable that a flag names.
func secretFromEnv(flag, variable string) (string, error) {
	if variable == "" {
		return "", nil
	}
	secret := strings.TrimSpace(os.Getenv(variable))
	if secret == "" {
		return "", usageError("%s: the environment variable %s is not set: set it to the secret of the webhook", flag, variable)
	}
	return secret, nil
}
