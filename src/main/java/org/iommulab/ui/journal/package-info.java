/**
 * The journal of commands with its results, the slider that goes back and forth in it, and the
 * console that takes one line of a script. Imports {@code ui} and the laboratory.
 */
package org.iommulab.ui.journal;
