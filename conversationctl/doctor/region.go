package doctor

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/sinchgo/conversation"
)

var regions = []conversation.Region{conversation.RegionUS, conversation.RegionEU, conversation.RegionBR}

const fixApp = "set SINCH_APP_ID (--app, Options.AppID) to the id of an app"

// regionURL returns the address of the API in a region.
func regionURL(region conversation.Region) string {
	return "https://" + string(region) + ".conversation.api.sinch.com"
}

// place is a region of Sinch or another address, with the apps of the project there.
type place struct {
	name    string // as in a sentence, such as "eu"
	region  conversation.Region
	address string
	apps    []conversation.App
	err     error
}

// here returns the place that the client calls.
func (e *examination) here() place {
	for _, region := range regions {
		if e.client.BaseURL() == regionURL(region) {
			return place{name: string(region), region: region, address: regionURL(region)}
		}
	}
	return place{name: shownAddress(e.client.BaseURL()), address: e.client.BaseURL()}
}

// locate returns the app to check, or nil, and the findings about its place.
func (e *examination) locate(ctx context.Context, first firstCall) (*conversation.App, []Finding) {
	here := e.here()
	answer, _ := errors.AsType[*conversation.Error](first.err)
	switch {
	case first.err == nil && first.app != nil:
		return first.app, e.found(here, first.app)
	case first.err == nil && len(first.apps) == 1:
		return &first.apps[0], e.found(here, &first.apps[0])
	case first.err == nil && len(first.apps) > 1:
		here.apps = first.apps
		return nil, []Finding{
			ok(checkRegion, "the project has apps in "+here.name),
			warning(checkApp, "no app is chosen, and there are several: "+listed([]place{here}), fixApp),
		}
	case first.err != nil && (answer == nil || !isMissing(answer)):
		return nil, nil // see access
	}
	places := e.places(ctx, here)
	if first.err != nil && !slices.ContainsFunc(places, func(p place) bool { return !isUnknownProject(p.err) }) {
		return nil, []Finding{e.missingProject(places)}
	}
	findings := []Finding{e.lost(here, places)}
	if first.err != nil {
		findings = append([]Finding{e.knownProject()}, findings...)
	}
	return nil, findings
}

func (*examination) found(here place, app *conversation.App) []Finding {
	message := "the app is in " + here.name
	if here.region == "" {
		message = "the app is at " + here.name + ", which is not an address of Sinch"
	}
	return []Finding{ok(checkRegion, message), ok(checkApp, described(app))}
}

// places lists the apps of all regions, or of the client's own address if that is not one of a region.
func (e *examination) places(ctx context.Context, here place) []place {
	places := []place{here}
	if here.region != "" {
		places = nil
		for _, region := range regions {
			places = append(places, place{name: string(region), region: region, address: regionURL(region)})
		}
	}
	var running sync.WaitGroup
	for i := range places {
		running.Go(func() { places[i].apps, places[i].err = e.appsAt(ctx, places[i].address) })
	}
	running.Wait()
	return places
}

func (e *examination) appsAt(ctx context.Context, address string) ([]conversation.App, error) {
	client := e.client
	if address != e.client.BaseURL() {
		var err error
		if client, err = e.client.With(conversation.WithBaseURL(address)); err != nil {
			return nil, err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return listApps(ctx, client)
}

// lost returns the finding for an app that is not where the client looks for it, or for a place without apps.
func (e *examination) lost(here place, places []place) Finding {
	id := shownID(e.opts.AppID)
	for _, other := range places {
		if other.region != here.region && e.opts.AppID != "" && other.has(e.opts.AppID) {
			return failure(checkRegion, fmt.Sprintf("the app %s is in %s, and the client calls %s", id, other.name, here.name), fixRegion(other.region))
		}
	}
	elsewhere := listed(places)
	switch {
	case e.opts.AppID == "" && elsewhere == "":
		return failure(checkApp, "the project has no apps in "+asked(places)+unanswered(places), "create an app in the Sinch dashboard, or with Apps.Create")
	case e.opts.AppID == "":
		withApps := slices.IndexFunc(places, func(p place) bool { return len(p.apps) > 0 })
		return failure(checkRegion, fmt.Sprintf("the project has no apps in %s, but elsewhere: %s", here.name, elsewhere), fixRegion(places[withApps].region))
	case e.opts.AppID == e.client.ProjectID():
		return failure(checkApp, "the app id is the id of the project. "+theApps(elsewhere), fixApp)
	}
	return failure(checkApp, fmt.Sprintf("no app has the id %s in %s%s. %s", id, asked(places), unanswered(places), theApps(elsewhere)), fixApp)
}

// missingProject returns the finding for a project that no place knows.
func (e *examination) missingProject(places []place) Finding {
	if mistake := e.mistakenProject(); mistake != "" {
		return failure(checkProject, mistake, fixProject)
	}
	return failure(checkProject, "the project "+shownID(e.client.ProjectID())+" does not exist in "+asked(places), fixProject)
}

func isUnknownProject(err error) bool {
	answer, ok := errors.AsType[*conversation.Error](err)
	return ok && answer.StatusCode == http.StatusNotFound
}

func (p place) has(appID string) bool {
	return slices.ContainsFunc(p.apps, func(app conversation.App) bool { return app.ID == appID })
}

func fixRegion(region conversation.Region) string {
	return fmt.Sprintf("set SINCH_CONVERSATION_REGION=%s (--region %s, conversation.WithRegion(conversation.Region%s)), or use an app of your region",
		region, region, strings.ToUpper(string(region)))
}

// asked names the places.
func asked(places []place) string {
	if len(places) == 1 && places[0].region == "" {
		return places[0].name + ", and no other address was asked"
	}
	names := make([]string, len(places))
	for i, p := range places {
		names[i] = p.name
	}
	return strings.Join(names, ", ")
}

// unanswered names the places that did not answer.
func unanswered(places []place) string {
	var names []string
	for _, p := range places {
		if p.err != nil {
			names = append(names, p.name)
		}
	}
	if names == nil {
		return ""
	}
	return " (no answer from " + strings.Join(names, ", ") + ")"
}

func theApps(listed string) string {
	if listed == "" {
		return "The project has no apps"
	}
	return "The project has " + listed
}

// longestList is how many apps are listed.
const longestList = 10

// listed lists the apps of places.
func listed(places []place) string {
	var apps []string
	for _, p := range places {
		for i := range p.apps {
			apps = append(apps, described(&p.apps[i])+" in "+p.name)
		}
	}
	if rest := len(apps) - longestList; rest > 0 {
		apps = append(apps[:longestList], fmt.Sprintf("and %d more", rest))
	}
	return strings.Join(apps, ", ")
}

// described returns the id and the name of an app.
func described(app *conversation.App) string {
	return fmt.Sprintf("%s %q", shownID(app.ID), said(app.DisplayName))
}
