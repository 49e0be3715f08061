package org.iommulab.ui.view.path;

import org.jspecify.annotations.Nullable;

/**
 * What the laboratory says about the last command.
 *
 * @param position how many commands are in effect
 * @param request the request it made, or null if it made none
 */
record PathAnswer(int position, @Nullable PathPicture request) {}
