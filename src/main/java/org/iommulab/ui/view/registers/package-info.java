/**
 * All registers of a unit by name, with offset, access rule, value and meaning. May import {@code
 * ui}, {@code ui.view.lookup}, {@code ui.view.part} and the floors below.
 */
package org.iommulab.ui.view.registers;
