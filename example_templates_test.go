package conversation_test

import (
	"context"
	"fmt"

	"github.com/sinchgo/conversation"
)

func ExampleTemplatesService_Create() {
	client := exampleClient(canned(200, `{"id":"TEMPLATE_ID","version":1}`))

	template, err := client.Templates.Create(context.Background(), &conversation.V2Template{
		DefaultTranslation: "en-US",
		Translations: []conversation.V2TemplateTranslation{{
			LanguageCode: "en-US",
			TextMessage:  &conversation.TextMessage{Text: "Hi ${name}, your table is ready."},
			Variables:    []conversation.TemplateVariable{{Key: "name", PreviewValue: "Ada"}},
		}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(template.ID, template.Version)
	// Output: TEMPLATE_ID 1
}

func ExampleTemplatesService_List() {
	client := exampleClient(canned(200, `{"templates":[{"id":"TEMPLATE_ID","default_translation":"en-US","version":2}]}`))

	list, err := client.Templates.List(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, template := range list.Templates {
		fmt.Println(template.ID, template.DefaultTranslation, template.Version)
	}
	// Output: TEMPLATE_ID en-US 2
}

func ExampleTemplatesService_Get() {
	client := exampleClient(canned(200, `{"id":"TEMPLATE_ID","translations":[{"language_code":"en-US","variables":[{"key":"name"}]}]}`))

	template, err := client.Templates.Get(context.Background(), "TEMPLATE_ID")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, translation := range template.Translations {
		for _, variable := range translation.Variables {
			fmt.Println(translation.LanguageCode, "needs", variable.Key)
		}
	}
	// Output: en-US needs name
}

// An update replaces the whole template, so it begins with what is stored. The version goes with it.
func ExampleTemplatesService_Update() {
	client := exampleClient(canned(200, `{"id":"TEMPLATE_ID","version":3}`))
	ctx := context.Background()

	stored, err := client.Templates.Get(ctx, "TEMPLATE_ID")
	if err != nil {
		fmt.Println(err)
		return
	}
	template := conversation.V2Template(*stored)
	template.Description = "Greets a guest."
	_, err = client.Templates.Update(ctx, "TEMPLATE_ID", &template)
	fmt.Println(err)
	// Output: <nil>
}

func ExampleTemplatesService_Delete() {
	client := exampleClient(printing(``))

	fmt.Println(client.Templates.Delete(context.Background(), "TEMPLATE_ID"))
	// Output:
	// DELETE /v2/projects/PROJECT_ID/templates/TEMPLATE_ID
	// <nil>
}

func ExampleTemplatesService_Translations() {
	client := exampleClient(printing(`{"translations":[{"language_code":"de-DE","version":"2","text_message":{"text":"Hallo ${name}"}}]}`))

	list, err := client.Templates.Translations(context.Background(), "TEMPLATE_ID", &conversation.V2ListTranslationsParams{
		LanguageCode: "de-DE",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(list.Translations[0].Version, list.Translations[0].TextMessage.Text)
	// Output:
	// GET /v2/projects/PROJECT_ID/templates/TEMPLATE_ID/translations?language_code=de-DE
	// 2 Hallo ${name}
}
