package manifests

import "fmt"

// problems collects what is wrong, each with the object that it is wrong with.
type problems struct{ found []string }

func (p *problems) add(id, format string, args ...any) {
	p.found = append(p.found, id+": "+fmt.Sprintf(format, args...))
}

// rules are all that a set must pass. Each has at least one example in testdata/refused.
var rules = []struct {
	name  string
	check func(*Set, *problems)
}{
	{"definitions", validateSchemas},
	{"knative", validateKnative},
	{"dapr", validateDapr},
	{"serving", validateServices},
	{"consumers", checkConsumers},
	{"clocks", checkClocks},
	{"topics", checkTopics},
	{"login", checkLogin},
	{"addresses", checkAddresses},
	{"jobs", checkFailures},
	{"readers", checkGroups},
	{"functions", checkFunctions},
	{"sidecars", checkSidecars},
	{"references", checkReferences},
	{"secrets", checkSecrets},
	{"scopes", checkScopes},
	{"components", checkComponents},
	{"subscriptions", checkSubscriptions},
	{"policies", checkPolicies},
	{"telemetry", checkTelemetry},
	{"pods", checkPods},
	{"exposure", checkExposure},
	{"front-door", checkFrontDoor},
	{"scaling", checkScaling},
	{"capacity", checkCapacity},
	{"connections", checkConnections},
	{"backups", checkBackups},
	{"namespace", checkNamespace},
}

// strict is the name of what comes before all rules: decoding.
const strict = "strict"

// Rules are the names of all rules.
func Rules() []string {
	names := []string{strict}
	for _, rule := range rules {
		names = append(names, rule.name)
	}
	return names
}

// Check gives all that is wrong with the set.
func Check(s *Set) []string {
	if len(s.Broken) > 0 {
		return s.Broken // the rules would only complain of what is missing
	}
	p := &problems{}
	for _, rule := range rules {
		rule.check(s, p)
	}
	return p.found
}
