package org.iommulab.vtd.tables;

/**
 * One way to reach a physical address.
 *
 * @param table the tree
 * @param iova the input address that leads to exactly the address asked for
 * @param range the mapped range around it
 */
public record ReverseMapping(TableKey table, long iova, MappedRange range) {}
