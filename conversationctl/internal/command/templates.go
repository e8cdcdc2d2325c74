package command

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationctl/internal/console"
)

const aboutTemplates = `A template is a message with placeholders, in several languages. update replaces a template as a whole: begin with what
get prints, which has the version that the API requires.`

const sampleTemplate = `{"default_translation":"en","translations":[{"language_code":"en","text_message":{"text":"Hi"}}]}`

func newTemplates(p *program) *cobra.Command {
	template := object{one: "template", many: "templates"}
	return newResource(template, "Read and change omni-channel templates", aboutTemplates,
		newTemplatesList(p, template),
		newGet(p, template, func(ctx context.Context, client *conversation.Client, id string) (any, error) {
			return client.Templates.Get(ctx, id)
		}),
		newCreate(p, template, sampleTemplate,
			func(ctx context.Context, client *conversation.Client, req *conversation.V2Template) (any, error) {
				return client.Templates.Create(ctx, req)
			}),
		newTemplatesUpdate(p, template),
		newDelete(p, template, "",
			func(ctx context.Context, client *conversation.Client, id string) error {
				return client.Templates.Delete(ctx, id)
			}),
	)
}

func newTemplatesList(p *program, template object) *cobra.Command {
	return newList(p, template, listing[conversation.V2TemplateResponse]{
		columns: []string{"ID", "VERSION", "DEFAULT", "LANGUAGES", "UPDATED", "DESCRIPTION"},
		row: func(template *conversation.V2TemplateResponse) []string {
			var languages []string
			for _, translation := range template.Translations {
				languages = append(languages, translation.LanguageCode)
			}
			return []string{
				template.ID, strconv.Itoa(template.Version), template.DefaultTranslation, strings.Join(languages, " "),
				console.Stamp(template.UpdateTime.Time), template.Description,
			}
		},
		items: func(ctx context.Context, client *conversation.Client) ([]conversation.V2TemplateResponse, error) {
			list, err := client.Templates.List(ctx)
			if err != nil {
				return nil, err
			}
			return list.Templates, nil
		},
	})
}

func newTemplatesUpdate(p *program, template object) *cobra.Command {
	cmd := newUpdate(p, template, "",
		func(ctx context.Context, client *conversation.Client, id string, req *conversation.V2Template) (any, error) {
			return client.Templates.Update(ctx, id, req)
		})
	cmd.Short = "Replace a template"
	cmd.Long = "Replace a template as a whole, and print the result as JSON.\n" + aboutFile + `
The file needs the current version: begin with what get prints.`
	cmd.Example = "  conversationctl templates get " + exampleID + ` > template.json
  conversationctl templates update ` + exampleID + " --file template.json"
	return cmd
}
