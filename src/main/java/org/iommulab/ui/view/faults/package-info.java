/**
 * The fault records of a unit, decoded, with a plain cause and what to check. May import {@code
 * vtd}, {@code lab} and the doors of {@code ui}.
 */
package org.iommulab.ui.view.faults;
