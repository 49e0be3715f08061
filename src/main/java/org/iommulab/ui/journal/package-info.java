/**
 * The journal of commands with its results, the slider that goes back and forth in it, and the
 * console that takes one line of a script. May import {@code ui}, {@code ui.view.part}, {@code
 * lab..} and {@code words}.
 */
package org.iommulab.ui.journal;
