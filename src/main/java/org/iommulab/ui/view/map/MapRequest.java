package org.iommulab.ui.view.map;

import org.iommulab.ui.Selected;
import org.iommulab.ui.Subject;
import org.jspecify.annotations.Nullable;

/**
 * What the map wants to see.
 *
 * @param subject whom all panes show
 * @param focus which part of it, or null for the smallest table that holds all that is mapped
 * @param selected what is selected in the window
 */
record MapRequest(Subject subject, @Nullable Focus focus, Selected selected) {

  /**
   * The table of a level that translates an address, or the lowest one on the way there.
   *
   * @param iova any address in it
   * @param level 1 to 5; 1 asks for single pages
   */
  record Focus(long iova, int level) {}
}
