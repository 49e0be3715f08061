/**
 * All registers of a unit by name, with offset, access rule, value and meaning. May import {@code
 * vtd}, {@code lab} and the doors of {@code ui}.
 */
package org.iommulab.ui.view.registers;
