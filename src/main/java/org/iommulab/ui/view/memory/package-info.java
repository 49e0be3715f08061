/**
 * Physical memory as hexadecimal quadwords that know which table they belong to. May import {@code
 * ui}, {@code ui.view.lookup}, {@code ui.view.part} and the floors below.
 */
package org.iommulab.ui.view.memory;
