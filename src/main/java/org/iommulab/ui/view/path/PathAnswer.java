package org.iommulab.ui.view.path;

import org.jspecify.annotations.Nullable;

/**
 * A request to show.
 *
 * @param request the request, or null if none was made since power-on
 * @param when how it relates to the latest command
 */
record PathAnswer(@Nullable PathPicture request, When when) {

  /** How a request relates to the latest command. */
  enum When {
    /** The latest command made it. */
    NOW,
    /** Other commands came after it. */
    EARLIER,
    /** Nobody made it: a person asked what would become of it. */
    ASKED
  }
}
