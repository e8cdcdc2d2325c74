package doctor

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// appID is the form of the ids that the platform assigns to apps. Those of projects are UUIDs.
var appID = regexp.MustCompile(`^01[0-9A-HJKMNP-TV-Z]{24}$`)

// conflicts returns a warning for each variable that is valid by itself, but is probably not what was meant.
func (env environment) conflicts() []Finding {
	var findings []Finding
	add := func(message, fix string) { findings = append(findings, warning(checkSettings, message, fix)) }

	switch project := env[envProjectID]; {
	case project == "":
	case project == env[envApp]:
		add(envProjectID+" and "+envApp+" are the same", "set the first to the project id, and the second to the id of an app of the project")
	case appID.MatchString(project):
		add(envProjectID+" looks like the id of an app", "set it to the project id from the Sinch dashboard, and "+envApp+" to the id of the app")
	case project == env[envKeyID]:
		add(envProjectID+" and "+envKeyID+" are the same", "set the first to the project id, and the second to the id of an access key of the project")
	case strings.Contains(project, "@"), strings.Contains(project, "://"):
		add(envProjectID+" looks like an e-mail address or a URL", "set it to the project id from the Sinch dashboard")
	}
	region, also, base := env[envRegion], env[envRegionAlso], env[envBaseURL]
	if region != "" && also != "" && !strings.EqualFold(region, also) {
		add(fmt.Sprintf("%s is %s, and %s is %s: the first is used", envRegion, said(region), envRegionAlso, said(also)), "unset "+envRegionAlso+", or set both to the region of your app")
	}
	if region == "" {
		region = also
	}
	called, isRegional := regionOf(base)
	if isRegional && region != "" && !strings.EqualFold(region, called) {
		add(fmt.Sprintf("%s is the address of %s, and the region is %s: calls are sent to the address", envBaseURL, called, said(region)), "unset "+envBaseURL)
	}
	if strings.EqualFold(env[envDialect], "openapi") && (isRegional || base == "") {
		add(envDialect+" is openapi, and Sinch itself speaks the dialect platform", "unset "+envDialect)
	}
	if env.insecure() {
		add(envInsecure+" is set: http addresses of other machines are accepted, and keys and messages are sent to them unencrypted", "unset it outside of tests")
	}
	return findings
}

// regionOf returns the region of an address of Sinch.
func regionOf(address string) (region string, ok bool) {
	parsed, err := url.Parse(address)
	if err != nil {
		return "", false
	}
	for _, region := range regions {
		if "https://"+parsed.Host == regionURL(region) {
			return string(region), true
		}
	}
	return "", false
}
