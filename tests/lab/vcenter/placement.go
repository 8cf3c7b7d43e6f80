// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"sort"
	"strconv"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// recommendDatastores places a clone in a datastore cluster: one recommendation
// per datastore, the one with the most free space first. vcsim has none unless
// the client names each disk.
func (s *Server) recommendDatastores(c *call) (any, types.BaseMethodFault) {
	spec := &c.body.(*types.RecommendDatastores).StorageSpec
	invalid := func(p string) (any, types.BaseMethodFault) {
		return nil, &types.InvalidArgument{InvalidProperty: "storageSpec." + p}
	}
	if spec.Type == string(types.StoragePlacementSpecPlacementTypeClone) {
		switch {
		case spec.Vm == nil:
			return invalid("vm")
		case spec.Folder == nil:
			return invalid("folder")
		case spec.CloneName == "":
			return invalid("cloneName")
		case spec.CloneSpec == nil:
			return invalid("cloneSpec")
		}
	}
	if fault := s.exists(spec.Vm, spec.Folder, spec.PodSelectionSpec.StoragePod, spec.ResourcePool); fault != nil {
		return nil, fault
	}
	ref := spec.PodSelectionSpec.StoragePod
	if ref == nil {
		return invalid("podSelectionSpec.storagePod")
	}
	pod, ok := s.svc.Context.Map.Get(*ref).(*simulator.StoragePod)
	if !ok || pod.PodStorageDrsEntry == nil || !pod.PodStorageDrsEntry.StorageDrsConfig.PodConfig.Enabled {
		return invalid("podSelectionSpec.storagePod")
	}
	var stores []*simulator.Datastore
	for _, r := range pod.ChildEntity {
		if ds, ok := s.svc.Context.Map.Get(r).(*simulator.Datastore); ok {
			stores = append(stores, ds)
		}
	}
	sort.SliceStable(stores, func(i, j int) bool {
		return stores[i].Summary.FreeSpace > stores[j].Summary.FreeSpace
	})
	res := &types.RecommendDatastoresResponse{}
	for i, ds := range stores {
		res.Returnval.Recommendations = append(res.Returnval.Recommendations,
			recommendation(i+1, *ref, ds.Self))
	}
	return res, nil
}

func recommendation(key int, pod, ds types.ManagedObjectReference) types.ClusterRecommendation {
	return types.ClusterRecommendation{
		Key: strconv.Itoa(key), Type: "V1", Time: time.Now(), Rating: 1,
		Reason: "storagePlacement", ReasonText: "Satisfy storage initial placement requests",
		Target: &pod,
		Action: []types.BaseClusterAction{&types.StoragePlacementAction{
			ClusterAction: types.ClusterAction{Type: "StoragePlacementV1"},
			RelocateSpec:  types.VirtualMachineRelocateSpec{Datastore: &ds},
			Destination:   ds,
		}},
	}
}

// fillPod sets the datastore cluster's sums.
func fillPod(ctx *simulator.Context, pod *simulator.StoragePod) {
	sum := types.StoragePodSummary{Name: pod.Name}
	for _, r := range pod.ChildEntity {
		if ds, ok := ctx.Map.Get(r).(*simulator.Datastore); ok {
			sum.Capacity += ds.Summary.Capacity
			sum.FreeSpace += ds.Summary.FreeSpace
		}
	}
	update(ctx, pod, types.PropertyChange{Name: "summary", Val: sum})
}
