/**
 * The fault records of a unit, decoded, with a plain cause and what to check. May import {@code
 * ui}, {@code ui.view.lookup}, {@code ui.view.part} and the floors below.
 */
package org.iommulab.ui.view.faults;
