/**
 * The pane of a case: what happened, why, and on which lines and entries that rests. May import
 * {@code evidence} and {@code ui.view.part}.
 */
package org.iommulab.ui.casefile;
