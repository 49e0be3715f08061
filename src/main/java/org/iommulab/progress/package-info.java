/**
 * How long work tells how far it has come, and hears that nobody wants it any more. Imports
 * nothing.
 */
package org.iommulab.progress;
