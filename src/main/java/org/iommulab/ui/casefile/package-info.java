/**
 * The pane of a case: what happened, why, and on which lines and entries that rests. May import
 * {@code ui}, {@code ui.view.part}, {@code evidence.casefile} and {@code evidence.diagnosis}.
 */
package org.iommulab.ui.casefile;
