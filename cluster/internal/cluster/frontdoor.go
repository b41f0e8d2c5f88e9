package cluster

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// frontDoorTimeout is how long the cluster's Gateway may take to accept a route.
const frontDoorTimeout = time.Minute

// checkFrontDoor waits until the Gateway has accepted the route. It may refuse one whose Gateway or listener is not there, that
// is from a namespace that may not attach, or with timeouts that it does not have; nothing else would show that.
func (d *deploying) checkFrontDoor(ctx context.Context) error {
	for _, one := range d.objects {
		if one.Kind() != "HTTPRoute" {
			continue
		}
		err := d.Report.Do("Attach the front door", func() error {
			ctx, cancel := context.WithTimeout(ctx, frontDoorTimeout)
			defer cancel()
			return d.attached(ctx, one.Name())
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// route is the status of an HTTPRoute: one for each Gateway that it is attached to.
type route struct {
	Metadata struct {
		Generation int64 `json:"generation"`
	} `json:"metadata"`
	Status struct {
		Parents []struct {
			Conditions []struct {
				Type, Status, Reason, Message string
				ObservedGeneration            int64 `json:"observedGeneration"`
			} `json:"conditions"`
		} `json:"parents"`
	} `json:"status"`
}

// refused says why the route is not in use; empty when it is.
func (r route) refused() string {
	if len(r.Status.Parents) == 0 {
		return "no Gateway has taken it: its name and namespace in the settings must be those of a Gateway"
	}
	var reasons []string
	for _, parent := range r.Status.Parents {
		accepted := false
		for _, c := range parent.Conditions {
			current := c.ObservedGeneration >= r.Metadata.Generation
			accepted = accepted || c.Type == "Accepted" && c.Status == "True" && current
			// Any other condition that is not True is about a part of the route, such as a value that is not supported.
			if c.Status == "False" && (c.Type == "Accepted" || c.Type == "ResolvedRefs") || c.Type == "PartiallyInvalid" && c.Status == "True" {
				reasons = append(reasons, fmt.Sprintf("%s (%s): %s", c.Reason, c.Type, c.Message))
			}
		}
		if !accepted && len(reasons) == 0 {
			reasons = append(reasons, "its Gateway has not looked at it yet")
		}
	}
	return strings.Join(reasons, "; ")
}

func (c Cluster) attached(ctx context.Context, name string) error {
	for {
		var found route
		if _, err := c.get(ctx, &found, "httproutes.gateway.networking.k8s.io", name); err != nil {
			return err
		}
		refused := found.refused()
		if refused == "" {
			return nil
		}
		if pause(ctx) != nil {
			return fmt.Errorf("the HTTPRoute %s is not in use: %s", name, refused)
		}
	}
}
