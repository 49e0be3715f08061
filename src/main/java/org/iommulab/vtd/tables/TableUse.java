package org.iommulab.vtd.tables;

import org.iommulab.bus.SourceId;

/**
 * An entry that leads to a page-table tree.
 *
 * @param table the tree
 * @param source the requester
 * @param pasid the PASID, or -1 in legacy mode
 * @param domainId the domain id that tags what caches keep of it
 * @param guestPointers the tree is the first stage of a nested pair: its pointers are guest
 *     addresses, see {@link TableBrowser#nestedTable}
 */
public record TableUse(
    TableKey table, SourceId source, int pasid, int domainId, boolean guestPointers) {}
