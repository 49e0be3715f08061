package org.iommulab.vtd.tables;

import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;

/**
 * An entry that leads to a page-table tree.
 *
 * @param table the tree
 * @param source the requester
 * @param pasid {@link Pasid#NONE} in legacy mode
 * @param domainId the domain id that tags what caches keep of it
 * @param guestPointers the tree is the first stage of a nested pair: its pointers are guest
 *     addresses, see {@link TableBrowser#nestedTable}
 */
public record TableUse(
    TableKey table, SourceId source, Pasid pasid, int domainId, boolean guestPointers) {}
