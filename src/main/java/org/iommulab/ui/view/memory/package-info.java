/**
 * Physical memory as hexadecimal quadwords that know which table they belong to. May import {@code
 * vtd}, {@code lab} and the doors of {@code ui}.
 */
package org.iommulab.ui.view.memory;
