package conversation

import (
	"net/url"
	"strings"
)

// Region is where an app and its data are hosted. Calls to any other region do not find the app.
type Region string

// The regions of the platform.
const (
	RegionUS Region = "us" // United States
	RegionEU Region = "eu" // European Union
	RegionBR Region = "br" // Brazil
)

// ParseRegion returns the region with a name, such as one from a settings file. Case and surrounding white space do not
// matter.
//
// Returns *ArgumentError if there is no such region.
func ParseRegion(name string) (Region, error) {
	region, ok := parseRegion(name)
	if !ok {
		return "", &ArgumentError{Operation: "ParseRegion", Field: "name", Reason: regionProblem(name) + ": use us, eu or br"}
	}
	return region, nil
}

func parseRegion(name string) (region Region, ok bool) {
	switch region = Region(strings.ToLower(strings.TrimSpace(name))); region {
	case RegionUS, RegionEU, RegionBR:
		return region, true
	default:
		return "", false
	}
}

func regionProblem(name string) string {
	return "is " + quoted(name) + ", which is not a known region"
}

// templatesURL returns the address of the region's templates.
func (r Region) templatesURL() *url.URL {
	return &url.URL{Scheme: "https", Host: string(r) + ".template.api.sinch.com"}
}

// baseURL returns the address of the region's API, as in the servers of openapi.yaml.
func (r Region) baseURL() *url.URL {
	return &url.URL{Scheme: "https", Host: string(r) + ".conversation.api.sinch.com"}
}
