/**
 * For people who test the window: the id under the pointer, and what a person does as the code of a
 * test. May import {@code ui}, {@code ui.action}, {@code ui.player}, {@code ui.settings} and the
 * laboratory.
 */
package org.iommulab.ui.record;
