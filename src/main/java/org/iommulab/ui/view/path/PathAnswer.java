package org.iommulab.ui.view.path;

import org.jspecify.annotations.Nullable;

/**
 * The last request that was made.
 *
 * @param request the request, or null if none was made since power-on
 * @param earlier whether other commands came after it
 */
record PathAnswer(@Nullable PathPicture request, boolean earlier) {}
