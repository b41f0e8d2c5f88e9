package registry

import "slices"

func subscriptions(r Registry, _ []byte) ([]byte, error) {
	return render("subscriptions", r.those(consumes))
}

func cron(r Registry, _ []byte) ([]byte, error) { return render("cron", r.those(scheduled)) }

// endpoints are the functions that others invoke, as HTTPEndpoints for clusters.
func endpoints(r Registry, _ []byte) ([]byte, error) {
	type endpoint struct {
		Name    string
		Callers []string
	}
	var found []endpoint
	for _, f := range r.those(r.invoked) {
		callers := r.those(func(caller Function) bool { return slices.Contains(caller.Invokes, f.Name) })
		found = append(found, endpoint{f.Name, names(callers)})
	}
	return render("endpoints", found)
}

// resiliency lists the functions that others invoke, with their policies.
func resiliency(r Registry, old []byte) ([]byte, error) {
	apps := "    apps:\n"
	for _, f := range r.those(r.invoked) {
		apps += "      " + f.Name + ":\n        retry: invocation\n        circuitBreaker: breaker\n"
	}
	return below(old, "    ", apps)
}

func (r Registry) invoked(f Function) bool {
	return slices.ContainsFunc(r.Functions, func(caller Function) bool { return slices.Contains(caller.Invokes, f.Name) })
}
