package org.iommulab.ui;

/**
 * What a pane's content depends on.
 *
 * @param snapshot number of the laboratory's state
 * @param subject whom all panes show
 */
public record Moment(long snapshot, Subject subject) {}
